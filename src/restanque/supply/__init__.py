"""Bread supply: what canteens need, what is offered from field to oven, who could serve whom."""
