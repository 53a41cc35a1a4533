"""What an attacker would try, one behaviour a test."""
