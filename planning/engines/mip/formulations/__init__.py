"""How the HiGHS engine says each rule, one function per rule; `table` lists them."""
