"""What the demo holds of the letter: Canh Tý as it stood on 29 January 2020, and the coming Tết as at seeding."""
