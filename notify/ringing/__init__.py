"""An automatic call that nobody answered rings a second time: telephones that let nobody through let a second call of
the same number through within three minutes."""
