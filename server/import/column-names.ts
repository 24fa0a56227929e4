import type { OwnTarget } from "./columns";

/**
 * Column headers in lists: our own export, Bitrix24, Google, HubSpot, Mailchimp, Outlook and 1C, in Russian and
 * English. Normalised: letters and digits only, in lower case and with е for ё.
 */
export const columnNames: Record<OwnTarget, string> = {
  firstName: `имя имяконтакта имяклиента имяучастника firstname first givenname forename contactfirstname
    billingfirstname personfirstname вашеимя имяпользователя імя vorname prenom prénom аты`,
  lastName: `фамилия фамилияконтакта фамилияклиента lastname last surname familyname contactlastname
    billinglastname personlastname вашафамилия прізвище nachname nomdefamille тегі`,
  fullName: `фио имяифамилия имяфамилия фамилияимя фамилияиимя фамилияимяотчество фамилияимяиотчество полноеимя фиоклиента
    фиоконтакта фиоучастника контактноелицо name fullname contactname firstandlastname firstlastname firstnamelastname
    lastnamefirstname clientname customername personname attendeename yourname вашефио піб nomcomplet`,
  company: `компания организация фирма названиекомпании названиеорганизации местоработы работодатель компанияконтакта компанияклиента вашакомпания company companyname
    organization organisation organizationname organisationname employer
    accountname associatedcompany billingcompany defaultaddresscompany personorganization firma entreprise société компанія`,
  email: `почта электроннаяпочта адресэлектроннойпочты электронныйадрес адресэлпочты адресапочты элпочта адреспочты емейл
    имейл емайл мейл рабочийemail частныйemail домашнийemail личныйemail основнойemail другойemail emailдлярассылок
    emailклиента emailконтакта рабочаяпочта личнаяпочта домашняяпочта корпоративнаяпочта почтаклиента почтаконтакта
    email mail emailaddress emailaddresses emailvalue workemail homeemail privateemail personalemail businessemail
    primaryemail otheremail newsletteremail newslettersemail emailwork emailhome subscriberemail useremail customeremail
    contactemail clientemail billingemail attendeeemail youremail personemail personemailwork personemailhome
    personemailother вашаэлектроннаяпочта вашапочта вашemail пошта електроннапошта emailadresse adresseemail courriel`,
  phone: `телефон номертелефона тел моб мобтел мобильный мобильныйтелефон мобильныйномер сотовый сотовыйтелефон
    контактныйтелефон контактныйномер рабочийтелефон домашнийтелефон личныйтелефон основнойтелефон другойтелефон
    телефондлярассылок телефонпереносной переноснойтелефон телефонмобильный телефонмоб телефонраб телефонрабочий
    телефондом телефондомашний телефонклиента телефонконтакта phone phonenumber phonevalue mobile mobilephone mobilenumber
    mobilephonenumber cell cellphone cellular tel telephone telephonenumber workphone businessphone homephone primaryphone
    otherphone contactphone phonework phonemobile phonehome customerphone clientphone billingphone attendeephone
    yourphone personphone personphonework personphonehome personphonemobile personphoneother sms вашномертелефона
    ваштелефон телефондлясвязи telefon handy handynummer telefonnummer téléphone telephoneportable téléphoneportable`,
  paid: "оплачено оплата статусоплаты paid ispaid payment paymentstatus",
  paidAt: "датаоплаты paidat paidon paymentdate",
  registeredAt: `датарегистрации регистрация зарегистрирован создан датасоздания датадобавления датаподписки registered
    registeredat registeredon registrationdate signupdate createdat createdon created createdate creationdate dateadded
    optintime confirmtime subscribedat`,
  form: "форма формарегистрации form registrationform",
  utm_source: "utmsource",
  utm_medium: "utmmedium",
  utm_campaign: "utmcampaign",
  utm_content: "utmcontent",
  utm_term: "utmterm",
};

/**
 * Headers that mean a campaign's tags in lists that know no other ones. Beside columns of UTM tags they are the CRM's own: its
 * source is "Website" or "Call".
 */
export const plainTagNames: Partial<Record<OwnTarget, string>> = {
  utm_source: "источник source",
  utm_campaign: "кампания campaign",
};

/**
 * Headers that mean a person's name in some lists and a company's in others: an administrator should check before the
 * import.
 */
export const doubtfulNames: Partial<Record<OwnTarget, string>> = {
  fullName: "наименование контрагент клиент покупатель участник контакт client customer contact",
};
