"""From votes to better pictures: what is logged, what is exported. Imports only the store."""
