// SPDX-License-Identifier: Apache-2.0
import {
  Building2, Bus, Car, CircleHelp, CloudRain, Construction, Dog, Droplets, FileText, Flame, HardHat, HeartPulse, House, Landmark, Lightbulb,
  MessageSquareText, Recycle, Route, School, ShieldAlert, ShoppingBasket, Siren, Store, TrafficCone, Trash2, TreePine, TriangleAlert, Users,
  Utensils, Volume2, Waves, Wifi, Wind, Zap, type LucideIcon,
} from "lucide-react";

/** Which picture a word in a pack's icon name stands for; the first that is contained wins. */
const pictures: ReadonlyArray<[RegExp, LucideIcon]> = [
  [/sos|siren|rescue|cuu/, Siren],
  [/flood|wave|ngap/, Waves],
  [/storm|rain|bao|weather/, CloudRain],
  [/lamp|light|bulb|den/, Lightbulb],
  [/elect|zap|power|bolt|dien/, Zap],
  [/trash|waste|garbage|rac/, Trash2],
  [/recycl/, Recycle],
  [/drain|sewer|drop|water|nuoc/, Droplets],
  [/tree|park|leaf|cay/, TreePine],
  [/traffic|cone|signal|giao-thong/, TrafficCone],
  [/road|route|pothole|duong|via-he/, Route],
  [/construct|xay-dung|crane/, Construction],
  [/helmet|hard-hat/, HardHat],
  [/bus/, Bus],
  [/car|vehicle|park|do-xe|truck/, Car],
  [/noise|volume|sound|on-ao/, Volume2],
  [/air|wind|smoke|dust|bui/, Wind],
  [/fire|flame|chay/, Flame],
  [/dog|animal|paw|cho-meo/, Dog],
  [/food|utensil|an-toan-thuc-pham/, Utensils],
  [/health|heart|med|y-te/, HeartPulse],
  [/school|edu|giao-duc/, School],
  [/market|basket|cho/, ShoppingBasket],
  [/shop|store|business|kinh-doanh/, Store],
  [/wifi|phone|telecom|internet|vien-thong/, Wifi],
  [/shield|order|security|an-ninh|trat-tu|police/, ShieldAlert],
  [/people|user|social|xa-hoi/, Users],
  [/landmark|heritage|di-tich|culture|temple/, Landmark],
  [/file|paper|procedure|document|thu-tuc|hanh-chinh/, FileText],
  [/house|home|nha/, House],
  [/building|urban|do-thi/, Building2],
  [/talk|message|feedback|y-kien/, MessageSquareText],
  [/alert|danger|warn|nguy/, TriangleAlert],
];

/** The picture of a category or group, by its icon's name or else its code; a question mark for one that nobody drew. */
export function CategoryIcon({ icon, code }: { icon?: string | undefined; code: string }) {
  const find = (name: string) => pictures.find(([words]) => words.test(name))?.[1];
  const Picture = find((icon ?? "").toLowerCase()) ?? find(code.toLowerCase()) ?? CircleHelp;
  return <Picture size={28} strokeWidth={1.75} aria-hidden="true" />;
}
