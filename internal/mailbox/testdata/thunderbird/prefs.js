user_pref("mail.root", "x");
