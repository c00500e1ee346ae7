package imap

import (
	"strings"
	"sync"

	"peyk/internal/mail"
)

// specialUse maps mailbox attributes (RFC 6154 §2, and those of XLIST) to roles.
var specialUse = map[string]mail.Role{
	`\sent`: mail.RoleSent, `\drafts`: mail.RoleDrafts, `\trash`: mail.RoleTrash, `\junk`: mail.RoleJunk,
	`\archive`: mail.RoleArchive, `\all`: mail.RoleAll, `\flagged`: mail.RoleFlagged,
	`\spam`: mail.RoleJunk, `\allmail`: mail.RoleAll, `\starred`: mail.RoleFlagged, `\inbox`: mail.RoleInbox,
}

// wellKnown are the names that programs and providers give to special folders, as foldName writes them. Earlier names win
// over later ones.
var wellKnown = []struct {
	role  mail.Role
	names string
}{
	{mail.RoleSent, `sent|sentitems|sentmessages|sentmail|sentobjects
		|gesendet|gesendeteobjekte|gesendetenachrichten|gesendeteelemente|envoyes|messagesenvoyes|elementsenvoyes|objetsenvoyes
		|enviados|elementosenviados|mensajesenviados|correoenviado|enviadas|itensenviados|mensagensenviadas
		|inviata|inviati|postainviata|messaggiinviati|elementiinviati|verzonden|verzondenitems|verzondenberichten
		|skickat|skickade|skickatemeddelanden|sendt|sendtpost|sendteelementer|sendteposter|lahetetyt|wyslane|elementywyslane
		|odeslane|odeslanaposta|odoslane|elkuldott|elkuldottelemek|trimise|elementetrimise|gonderilmisogeler|gonderilmis|gonderilenler
		|απεσταλμενα|σταλθεντα|отправленные|отправлено|отправленныеэлементы|надіслані|відправлені|изпратени|poslano|poslane
		|ارسالشده|ارسالشدهها|فرستادهشده|فرستادهشدهها|فرستادهها|ارسالی|نامههایارسالی
		|المرسلة|المرسل|العناصرالمرسلة|الرسائلالمرسلة|البریدالمرسل|بھیجےگئے|נשלח|דוארשנשלח|פריטיםשנשלחו
		|送信済み|送信済みメール|送信済みアイテム|已发送|已发送邮件|已发邮件|已傳送|寄件備份|已寄出|보낸편지함|보낸메일함|보낸메일
		|dagui|đagửi|mụcđagửi|thưđagửi|terkirim|itemterkirim|प्रेषित|भेजेगए|रายการที่ส่ง|ส่งแล้ว`},
	{mail.RoleDrafts, `drafts|draft|entwurfe|entwurf|brouillons|brouillon|borradores|borrador|rascunhos|rascunho|bozze|bozza|concepten|concept
		|utkast|kladder|luonnokset|szkice|koncepty|wersjerobocze|rozepsane|piszkozatok|ciorne|taslaklar|taslak
		|προχειρα|черновики|чернетки|чернови|nacrti|skice
		|پیشنویس|پیشنویسها|پیشنویسنامهها|المسودات|مسودات|مسودة|ڈرافٹ|טיוטות|下書き|草稿|草稿箱|草稿夹|임시보관함|임시보관메일함
		|thưnhap|bảnnhap|nhap|konsep|draf|ड्राफ़्ट|ड्राफ्ट|ร่างจดหมาย|ฉบับร่าง`},
	{mail.RoleTrash, `trash|deleteditems|deletedmessages|deleted|bin|wastebasket|rubbish
		|papierkorb|geloscht|gelosschteobjekte|geloschteobjekte|geloschteelemente|corbeille|poubelle|elementssupprimes|messagessupprimes|objetssupprimes
		|papelera|elementoseliminados|eliminados|lixeira|itensexcluidos|itenseliminados|excluidos|cestino|postaeliminata|elementieliminati|eliminata
		|prullenbak|prullenmand|verwijderdeitems|papperskorgen|borttagnaobjekt|borttaget|papirkurv|slettetpost|slettedeelementer|slettet|roskakori|poistetut
		|kosz|elementyusuniete|usuniete|kos|odstranenaposta|kuka|toroltelemek|lomtar|gunoi|cosdegunoi|elementesterse|copkutusu|cop|silinmisogeler
		|καδος|καδοςανακυκλωσης|διαγραμμενα|απορριμματα|корзина|удаленные|удалённые|удаленныеэлементы|кошик|видалені|кошче|otpad|smece
		|زبالهدان|سطلزباله|سطلبازیافت|زبالهها|حذفشده|حذفشدهها|پاکشده|المهملات|سلةالمهملات|المحذوفات|العناصرالمحذوفة|المحذوفة|ردی|אשפה|פריטיםשנמחקו
		|ゴミ箱|ごみ箱|削除済みアイテム|削除済み|已删除|已删除邮件|已删除邮件箱|废件箱|垃圾桶|回收站|刪除的郵件|已刪除|휴지통|지운편지함|지운메일함|삭제된항목
		|thungrac|thùngrac|mụcđaxoa|sampah|itemterhapus|कचरा|ถังขยะ`},
	{mail.RoleJunk, `junk|spam|junkemail|junkmail|junkemails|bulkmail|bulk|suspectedspam
		|unerwunscht|spamverdacht|werbung|junkeemail|indesirables|courrierindesirable|pourriel|correonodeseado|nodeseado|correobasura|lixoeletronico|lixoeletronico
		|postaindesiderata|indesiderata|ongewenstemail|ongewensteemail|ongewenst|skrappost|skrap|uonsketmail|uonsketpost|soppelpost|roskaposti|wiadomosciśmieci|wiadomoscismieci
		|nevyzadanaposta|nevyzadana|leveszemet|levelszemet|onemsiz|gereksiz|istenmeyen
		|ανεπιθυμητα|ανεπιθυμητηαλληλογραφια|спам|нежелательнаяпочта|небажана|небажанапошта|нежелана
		|هرزنامه|هرزنامهها|اسپم|جفنگ|بریدعشوائی|البریدالعشوائی|البریدغیرالهام|غیرمرغوبفیه|رسائلغیرمرغوبفیها|سخام|דוארזבל|זבל
		|迷惑メール|迷惑メールフォルダ|スパム|垃圾邮件|垃圾箱|垃圾信件|垃圾郵件|广告邮件|정크메일|스팸|스팸편지함|스팸메일함|thưrac|स्पैम|จดหมายขยะ|สแปม`},
	{mail.RoleArchive, `archive|archives|archived|archiv|archivio|archivo|archivos|archivados|arquivo|arquivados|arquivomorto|archief|arkiv|arkisto|archiwum|archivum|arhiva|arsiv
		|αρχειο|αρχειοθηκη|архив|архів|архива|بایگانی|بایگانیشده|بایگانیها|آرشیو|الارشیف|الأرشیف|أرشیف|ארכיון|アーカイブ|归档|存档|封存|歸檔|보관함|보관|luutrữ|arsip|संग्रह`},
}

// roleByName indexes wellKnown.
var roleByName = sync.OnceValue(func() map[string]knownName {
	m := make(map[string]knownName)
	for _, w := range wellKnown {
		for i, n := range strings.Split(w.names, "|") {
			n = foldName(n)
			if _, ok := m[n]; !ok && n != "" {
				m[n] = knownName{w.role, i}
			}
		}
	}
	return m
})

type knownName struct {
	role mail.Role
	rank int
}

// letters that stand for others in names: Arabic and Persian forms, Latin letters without their marks.
var foldLetters = strings.NewReplacer(
	"ي", "ی", "ى", "ی", "ك", "ک", "ة", "ه", "أ", "ا", "إ", "ا", "آ", "ا", "ۀ", "ه", "ؤ", "و",
	"ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e", "á", "a", "à", "a", "â", "a", "ã", "a", "å", "a", "ą", "a", "ă", "a", "ả", "a", "ạ", "a",
	"ç", "c", "č", "c", "ć", "c", "ñ", "n", "ń", "n", "í", "i", "ì", "i", "î", "i", "ı", "i", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ø", "o", "ő", "o",
	"ú", "u", "ù", "u", "û", "u", "ů", "u", "ű", "u", "ş", "s", "ș", "s", "š", "s", "ś", "s", "ł", "l", "ž", "z", "ź", "z", "ż", "z", "ý", "y", "ř", "r", "ğ", "g", "ę", "e", "ě", "e", "ť", "t", "ț", "t", "ð", "d",
	"ό", "ο", "ά", "α", "έ", "ε", "ή", "η", "ί", "ι", "ύ", "υ", "ώ", "ω", "ё", "е",
	" ", "", "-", "", "_", "", "'", "", ".", "", "\u200c", "", "\u200d", "", "\u00a0", "", "\u0640", "", "\t", "", "\n", "")

// foldName makes names comparable: lower case, without spaces, joiners, dashes and most marks.
func foldName(s string) string { return foldLetters.Replace(strings.ToLower(s)) }

// assignRoles gives each role to one folder: as the user chose, else as SPECIAL-USE says, else by a well-known name.
func assignRoles(fs []mail.RemoteFolder, special []mail.Role, chosen map[mail.Role]string, root string) {
	taken := map[mail.Role]bool{}
	give := func(i int, r mail.Role, guessed bool) {
		if r == mail.RoleNone || taken[r] || fs[i].Role != mail.RoleNone || !fs[i].Selectable {
			return
		}
		fs[i].Role, fs[i].RoleGuessed = r, guessed
		taken[r] = true
	}
	for i := range fs {
		if fs[i].Path == "INBOX" {
			give(i, mail.RoleInbox, false)
		}
	}
	for r, path := range chosen {
		for i := range fs {
			if fs[i].Path == path && path != "" {
				give(i, r, false)
			}
		}
	}
	for i := range fs {
		if special[i] != mail.RoleInbox {
			give(i, special[i], false)
		}
	}
	best := map[mail.Role]int{}
	score := map[mail.Role]int{}
	for i, f := range fs {
		k, ok := roleByName()[foldName(lastLevel(f.Path, f.Delimiter))]
		if !ok || f.Role != mail.RoleNone || !f.Selectable || taken[k.role] {
			continue
		}
		depth, fine := guessDepth(f, root)
		if !fine {
			continue
		}
		sc := depth*10000 + k.rank
		if old, seen := score[k.role]; !seen || sc < old {
			best[k.role], score[k.role] = i, sc
		}
	}
	for r, i := range best {
		give(i, r, true)
	}
}

func lastLevel(path, delim string) string {
	if delim == "" {
		return path
	}
	return path[strings.LastIndex(path, delim)+len(delim):]
}

// guessDepth says whether a folder stands where special folders do: on the first level, or right below the inbox, the
// root folder or a bracketed level such as [Gmail].
func guessDepth(f mail.RemoteFolder, root string) (depth int, ok bool) {
	if f.Delimiter == "" {
		return 0, true
	}
	rest := f.Path
	if root = strings.TrimRight(root, "/.\\"); root != "" {
		rest = strings.TrimPrefix(rest, root+f.Delimiter)
	}
	levels := strings.Split(rest, f.Delimiter)
	switch {
	case len(levels) == 1:
		return 0, true
	case len(levels) == 2 && (strings.EqualFold(levels[0], "INBOX") || strings.HasPrefix(levels[0], "[")):
		return 1, true
	}
	return 0, false
}
