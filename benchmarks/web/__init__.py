"""CPU time of the requests that people and machines make most, alone and beside a peer."""
