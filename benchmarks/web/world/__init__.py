"""The province of a thousand people that every page and call is measured on, made once and kept."""
