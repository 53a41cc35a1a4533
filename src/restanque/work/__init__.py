"""Tasks, workload, budget: shared by the rooms above."""
