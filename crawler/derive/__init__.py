"""From page facts to site facts: columns, owners, pairs, link targets, coverage; the stored snapshot."""
