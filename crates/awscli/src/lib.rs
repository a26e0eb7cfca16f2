//! The language: words to commands, answers to text as the AWS CLI v2 prints it.
