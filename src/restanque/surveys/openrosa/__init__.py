"""The OpenRosa protocol, as ODK Collect speaks it: list, form, lists of choices, submission.

Written from the published pages of the protocol; see README for what each request gets.
"""
