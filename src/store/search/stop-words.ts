import { fold } from './words.ts';

/** The languages whose words are stemmed and whose function words are left out; named as Snowball names its algorithms. */
export const languages = [
  'english',
  'german',
  'french',
  'spanish',
  'italian',
  'portuguese',
  'dutch',
  'swedish',
  'danish',
  'norwegian',
  'finnish',
  'russian',
  'turkish',
] as const;

export type Language = (typeof languages)[number];

/**
 * The most common function words of each language, without diacritics: they say nothing about a text's subject, and they give
 * its language away. What is left of a contraction ("don't" -> "don") counts as one. Words that are also names of things or
 * months ("may", "will" as a name is rarer than the verb) are weighed towards being found: "may" is not listed.
 */
const lists: Readonly<Record<Language, string>> = {
  english: `a about above after again against ain all also am an and any are aren as at be because been before being below between
    both but by can could couldn did didn do does doesn doing don down during each else ever few for from further get gets got had hadn
    has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just let like ll me
    might mightn more most must mustn my myself no nor not now of off on once one only or other our ours ourselves out over own
    please re really same shall she should shouldn so some such than that the their theirs them themselves then there these they
    this those through to too under until up upon us ve very was wasn we were weren what when where which while who whom whose
    why will with won would wouldn yes you your yours yourself yourselves`,
  german: `aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim bin bis bist
    da damit dann das dass dein deine deinem deinen deiner dem den denn der des dessen deren dich die dies diese diesem diesen dieser
    dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer eure fur gegen gewesen hab habe haben hat hatte
    hatten hattest hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jene jetzt
    kann kannst kein keine keinem keinen keiner konnen konnte machen man manche mein meine meinem meinen meiner mich mir mit muss musste
    nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so solche soll sollte
    sondern sonst uber um und uns unser unsere unserem unseren unter viel vom von vor wahrend wann war waren warst warum was weg weil
    welche welchem welchen welcher welches wenn wer werde werden weshalb wie wieder will wir wird wirst wo wollen wollte wurde wurden zu
    zum zur zwar zwischen`,
  french: `a ai aie aient aies ait alors as au aucun aucune aura aurai aussi autre autres aux avaient avais avait avant avec avez avoir avons
    bien c car ce ceci cela celle celles celui ces cet cette ceux chez comme comment d dans de depuis des deux donc dont du elle elles
    en encore entre es est et etaient etais etait etant ete etes etre eu eux fait faire fais fut ici il ils j je jusqu l la le les leur
    leurs lors lui m ma mais me mes moi mon meme n ne ni nos notre nous on ont ou par parce pas peu peut plus pour pourquoi quand que
    quel quelle quelles quels qui quoi s sa sans se sera serait ses si sien soi soit sommes son sont sous suis sur t ta te tes toi ton
    tous tout toute toutes tres tu un une va vers voici voila vos votre vous y`,
  spanish: `a al algo algun alguna algunas alguno algunos ante antes aquel aquella aqui asi aun aunque bien cada como con contra cual cuales
    cuando cuanto cuya de del desde donde dos durante e el ella ellas ello ellos en entre era eran eres es esa esas ese eso esos esta
    estaba estaban estado estamos estan estar estas este esto estos estoy fue fueron fui ha habia habian hace hacer hacia han has hasta
    hay he hemos la las le les lo los mas me mi mia mis mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o
    os otra otras otro otros para pero poco por porque pues que quien quienes se sea ser si sido sin sobre solo somos son soy su sus
    tal tambien tan tanto te tenemos tener tengo ti tiene tienen todo toda todos todas tu tus un una unas uno unos usted ustedes va
    vosotros y ya yo`,
  italian: `a abbia abbiamo ad agli ai al alla alle allo anche ancora avere avete aveva avevo c che chi ci ciascuno cio coi col come con
    contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del dell della delle dello di dopo dove dovere e ed era erano ero
    essere fa fare fra fu gia gli ha hai hanno ho i il in io l la le lei li lo loro lui ma me mi mia mie miei mio molto ne negli nei
    nel nella nelle nello no noi non nostra nostri nostro o ogni per perche piu poi prima pure quale quali quando quanta quanto quella
    quelle quelli quello questa queste questi questo qui s sara se sei sempre senza si sia siamo sono sta stata state stati stato su sua
    sue sugli sui sul sulla sulle suo suoi te ti tra tu tua tue tuo tuoi tutta tutte tutti tutto un una uno vi voi vostra vostro`,
  portuguese: `a ainda alguem algum alguma ao aos aquela aquele aquilo as ate cada com como da das de dela dele deles depois do dos e ela
    elas ele eles em entre era eram essa essas esse esses esta estamos estao estar estas estava estavam este estes estou eu foi fomos
    for foram fui ha isso isto ja la lhe lhes mais mas me mesmo meu meus minha minhas muito muitos na nao nas nem no nos nossa nossas
    nosso nossos num numa o onde os ou para pela pelas pelo pelos por porque pra quais qual quando quanto que quem sao se seja sem
    ser sera seu seus so somos sou sua suas tambem te tem tenho teu teus tinha toda todas todo todos tu tua tuas tudo um uma umas
    uns vai voce voces vos`,
  dutch: `aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge geen geweest haar had
    hadden heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie kan kon kunnen maar me meer men met
    mij mijn moet na naar niet niets nog nu of om omdat onder ons onze ook op over reeds te tegen toch toen tot u uit uw van veel voor
    waar waarom wanneer want waren was wat we wel werd wezen wie wij wil worden wordt zal ze zei zelf zich zij zijn zo zonder zou`,
  swedish: `alla allt att av blev bli blir da dar de dem den denna deras dess dessa det detta dig din dina ditt du efter ej eller en er era
    ett for fran ha hade han hans har hennes hon honom hur har i icke ingen inom inte jag ju kan kunde man med mellan men mig min mina
    mitt mot mycket ni nu nar nagon nagot nagra och om oss pa sa sadan samma sig sin sina sitt sjalv ska skulle som till under upp ut
    utan vad var vara varfor varit varje vars vem vi vid vilka vilken vilket vill ar at over`,
  danish: `ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din dine disse dit dog du efter eller en end
    er et for fordi fra ham han hans har havde have hende hendes her hos hun hvad hvem hvis hvor hvorfor hvornar i ikke ind jeg jer jo
    kan kunne man mange med meget men mig min mine mit mod na nar ned noget nogle nu og ogsa om op os over pa sadan selv sig sin sine
    sit skal skulle som sa thi til ud under var vi vil ville vor vore været`,
  norwegian: `alle at av ble bli blir bade da de deg dem den denne der deres det dette di din disse ditt du eller en enn er et ett etter for
    fordi fra fa ha hadde ham han hans har henne hennes her hun hva hvem hver hvilke hvilken hvis hvor hvordan hvorfor i ikke ingen inn
    ja jeg kan kom kunne man mange med meg meget mellom men mer min mine mitt mot mye na nar noe noen ned ny og ogsa om opp oss over pa
    sa sann seg selv si sin sine sitt skal skulle som til ut uten var vare vart vi vil ville var ved vært`,
  finnish: `ei eivat ehka emme en enka et ette etta han hanen hanelle hanet he heidan hei hyvin ja jo joiden joka joissa jolla jonka jos
    joskus jota jotka kai kanssa keneen kenen ketka koska kuin kuinka kuka kun kylla me meidan meilla meille mika mikaan miksi milloin
    mina minka minua minulla minulle minun minut missa mita mitka mukaan mutta myos ne niiden niin niita noin nyt ole oli olemme olen
    olet olin olit olivat olla olleet ollut on ovat paitsi se sen siella siina sille sina sinua sinulla sinun sita taas tai tama tassa
    te teidan tuo tämän vai vain vaan vaikka voi yli`,
  russian: `а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее ей ему если есть еще ж
    же за здесь и из или им их к как какой какая какие когда которая которые который кто куда ли лишь между меня мне мной много может
    мои мой моя мы на над надо наш не него нее ней нет ни них но ну о об однако он она они оно от очень по под после потом потому почему
    при про с сам себя со совсем так также такой там тебе тебя тем теперь то тобой тогда того тоже только том ты у уже хотя чего чем что
    чтобы чье чья эта эти это этого этой этом этот эту я твой твоя моего моей моих свой свою своей`,
  turkish: `acaba ama ancak bana bazi belki ben beni benim bile bir biri biz bize bizim bu buna bunda bundan bunlar bunu bunun cok cunku da
    daha de defa degil diye en gibi hem hep hepsi her hic icin ile ise kadar kez ki kim kimi mi mu nasil ne neden nerde nerede nereye
    nicin niye o olan olarak oldu ona ondan onlar onu onun sana sanki seni senin siz sizin su sen simdi tum var ve veya ya yani yok`,
};

/** Common single characters of Chinese and common pairs of Japanese kana; CJK text is indexed by these units. */
const cjkUnits = `的 了 是 我 你 他 她 它 们 們 在 和 也 就 都 很 吗 嗎 呢 吧 啊 有 不 这 這 那 什 么 麼 个 個 与 與 及
  です ます した して ない った から ため こと この その あの どの ので には では とは いる ある する なの んで もの たち さん です でし まし せん`;

const sets = new Map<Language, ReadonlySet<string>>(languages.map((language) => [language, wordSet(lists[language])]));

export function isStopWord(foldedWord: string, language: Language): boolean {
  return sets.get(language)?.has(foldedWord) ?? false;
}

/** For each stop word the languages it belongs to. */
export const languagesOfStopWord: ReadonlyMap<string, readonly Language[]> = invert();

const cjkStopUnits = wordSet(cjkUnits);

export function isCjkStopUnit(unit: string): boolean {
  return cjkStopUnits.has(unit);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/u).map((word) => fold(word)));
}

function invert(): Map<string, Language[]> {
  const byWord = new Map<string, Language[]>();
  for (const [language, words] of sets) {
    for (const word of words) {
      const known = byWord.get(word);
      if (known) known.push(language);
      else byWord.set(word, [language]);
    }
  }
  return byWord;
}
