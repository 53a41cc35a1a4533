"""Field visits: who visits, what is asked on the spot, what came back, what the directory gains.

The protocol spoken with ODK Collect is in `surveys.openrosa`; everything else is here. See README.
"""
