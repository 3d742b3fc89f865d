"""The expander's words, in both languages. Pure data plus the tables' shapes."""
