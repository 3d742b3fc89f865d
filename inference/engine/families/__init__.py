"""How each family of models is painted with; nothing here is imported before it is needed."""
