"""The application: command line, stages, rounds."""
