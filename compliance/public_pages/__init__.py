"""Pages for the public: a service point, what is posted there, and how service stands. No sign-in, nothing personal."""
