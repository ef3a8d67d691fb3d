"""List readers, one module per CMS family, chosen by signature."""
