"""Asyncio tasks, one a file, each waiting for one thing; at the top the spine that a sample takes."""
