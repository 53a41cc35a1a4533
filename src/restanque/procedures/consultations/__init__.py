"""Consultation of public bodies: who, when, what they answered, what the body replied."""
