"""How the program is put together: what packages register, its commands and jobs, and which database it opens."""
