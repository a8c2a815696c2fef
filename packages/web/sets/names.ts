/**
 * Names of European rivers, for a network that generates new ones.
 *
 * @module
 */
import { type Example, Random } from "@unroll/core/texts";

const NAMES = `Aare Adda Adige Adour Agri Aire Aisne Alagna Aller Allier Altmuhl Alz Ammer Angara
Ardeche Argens Ariege Arno Aube Aude Avon Barrow Berezina Bidasoa Biebrza Blackwater Bober Boyne
Brenta Bug Calder Charente Cher Clain Clyde Corrib Creuse Danube Dart Dee Derwent Deva Dnieper
Dniester Don Donets Dordogne Doubs Douro Drava Drin Drome Duero Durance Ebro Eder Eider Elbe Elster
Enns Ems Erft Erne Esk Essonne Eure Exe Fal Foyle Fulda Garonne Gers Glomma Guadalquivir Guadiana
Guden Havel Hunte Iller Indre Inn Isar Isere Isonzo Jagst Jucar Kama Kemijoki Kinzig Kocher Kokemaki
Kupa Lagan Lahn Lech Lee Leine Leitha Lena Liffey Lippe Lima Loing Loire Loiret Lot Lule Main Maritsa
Marne Mersey Meuse Midouze Minho Mondego Morava Moselle Mulde Mur Murg Naab Nahe Narew Narva Neckar
Neisse Neman Neretva Neris Neva Nive Nivelle Noguera Nore Oder Ognon Oise Oka Olt Orb Orne Ouse
Pegnitz Piave Pinega Pisuerga Po Pripyat Prut Raba Regen Regnitz Reuss Rhine Rhone Ruhr Saale Saar
Sado Salzach Sambre San Saone Sarthe Sava Scheldt Segura Seine Severn Shannon Sieg Sil Siret Skellefte
Slaney Somme Spey Spree Suir Tagliamento Tagus Tamar Tarn Tauber Tay Tees Tejo Test Thames Tiber
Ticino Tisza Torne Trave Trent Truyere Turia Tweed Tyne Ume Unstrut Ural Vah Var Vardar Vecht Velikaya
Vienne Vilaine Vistula Vltava Volga Vouga Waal Warnow Warta Weser Wiese Wupper Wye Yonne Yser Zaan`;

const TEST = 30;

/** Returns the training and the test names. */
export function namesSet(): { train: Example[]; test: Example[] } {
  const all = NAMES.split(/\s+/).map((text): Example => ({ text: text.toLowerCase(), label: "" }));
  new Random(3).shuffle(all);
  return { train: all.slice(TEST), test: all.slice(0, TEST) };
}
