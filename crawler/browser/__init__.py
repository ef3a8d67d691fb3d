"""The browser pass: rendering, screenshots, accessibility."""
