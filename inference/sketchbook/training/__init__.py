"""Trains every part of Sketchbook from nothing but the scenes that it draws itself."""
