"""What happens to a sent mail: opens, clicks, unsubscribes, mail that comes back."""
