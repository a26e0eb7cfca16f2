//! The page: Yew components and the only code that touches a browser.
