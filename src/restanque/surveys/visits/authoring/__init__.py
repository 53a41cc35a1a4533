"""What the two shipped visit forms are made of. `python -m restanque.surveys.visits.authoring`
writes their Excel files again; nothing of it runs in production."""
