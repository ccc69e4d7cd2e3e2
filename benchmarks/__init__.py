"""How fast, against a bare Flask page in the same run. Numbers of other runs and machines do not compare."""
