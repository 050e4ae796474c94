"""Write answers and works in the forms that other programs read; nothing here knows of the web or of files."""
