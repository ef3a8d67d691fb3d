"""Accuracy and speed of extraction on the labelled pages beside the checkout."""
