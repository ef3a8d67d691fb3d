"""From bytes to page facts."""
