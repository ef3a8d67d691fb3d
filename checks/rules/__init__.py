"""The rules, one file per topic. Adding a rule touches one file here and one line in a standard."""
