"""What every other part is made of: places, findings, exchanges, errors, texts."""
