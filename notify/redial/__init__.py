"""The second ring of an automatic call that nobody answered.

Telephones that let nobody through let a second call of the same number through within three minutes.
"""
