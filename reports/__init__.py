"""How it reads: view models, templates, workbooks, data exports. Values in, bytes out."""
