package store

import "peyk/store/fold"

// Operators may be written in the languages of the window, too, folded as everything in a query.
var keyWords = map[string]string{
	"از": "from", "فرستنده": "from", "به": "to", "گیرنده": "to", "موضوع": "subject", "پیوست": "filename", "پوشه": "in", "در": "in", "حساب": "account",
	"برچسب": "tag", "دارای": "has", "وضعیت": "is", "پیش از": "before", "قبل": "before", "پس از": "after", "بعد": "after", "روز": "on",
	"بزرگتر": "larger", "بزرگ تر": "larger", "کوچکتر": "smaller", "کوچک تر": "smaller",
	"من": "from", "المرسل": "from", "الی": "to", "المستلم": "to", "الموضوع": "subject", "مجلد": "in", "المجلد": "in", "الحساب": "account", "وسم": "tag",
	"اکبر": "larger", "اصغر": "smaller", "حاله": "is", "یحتوی": "has",
	"von": "from", "an": "to", "betreff": "subject", "datei": "filename", "ordner": "in", "konto": "account", "schlagwort": "tag", "hat": "has", "ist": "is",
	"vor": "before", "nach": "after", "seit": "since", "am": "on", "grosser": "larger", "kleiner": "smaller",
}

// Values of is: and has:.
var valueWords = map[string]string{
	"نخوانده": "unread", "خوانده نشده": "unread", "خوانده": "read", "خوانده شده": "read", "ستاره دار": "starred", "بی ستاره": "unstarred", "پاسخ داده": "answered",
	"پیش نویس": "draft", "به تعویق افتاده": "snoozed", "پیوست": "attachment",
	"غیر مقروءه": "unread", "غیرمقروءه": "unread", "مقروءه": "read", "ممیزه": "starred", "مرفق": "attachment", "مرفقات": "attachment", "مسوده": "draft", "موجله": "snoozed",
	"ungelesen": "unread", "gelesen": "read", "markiert": "starred", "beantwortet": "answered", "entwurf": "draft", "zuruckgestellt": "snoozed", "anhang": "attachment", "anhange": "attachment",
}

// operatorNamed is the operator that a word before a colon means; the word itself where it means none.
func operatorNamed(word string) string {
	if op, ok := keyWords[fold.String(word)]; ok {
		return op
	}
	return word
}

// valueNamed is the same for a value of is: or has:.
func valueNamed(value string) string {
	if v, ok := valueWords[fold.String(value)]; ok {
		return v
	}
	return value
}
