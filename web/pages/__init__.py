"""Pages, one package a part of the site."""
