"""Questions with one right answer: how a notebook reads what a student wrote, and questions with personal numbers."""
