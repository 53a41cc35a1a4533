"""Every write on budgets."""
