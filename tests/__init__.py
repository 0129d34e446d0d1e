"""The tests, one module for each module or thing a person does."""
