"""The demo: real communes, fictitious people and answers, made by a seeded generator."""
