// SPDX-License-Identifier: Apache-2.0
import {
  Axe, Ban, Bone, Bus, Building2, Cable, Camera, CircleDotDashed, CircleHelp, CircleParking, CloudFog, CloudRain, Construction, Dog, Droplet, DropletOff, Droplets,
  Factory, Faucet, FileClock, FileText, Flame, FlameKindling, Footprints, Globe, HardHat, HeartPulse, House, Lamp, Landmark, Leaf, Lightbulb, MailWarning,
  MessageSquareText, MonitorX, Mountain, Pipette, RadioTower, Recycle, Road, School, ShieldAlert, Shovel, Signpost, Siren, Store, Swords, Toilet, TrafficCone,
  Trash, Trash2, TreeDeciduous, Trees, TriangleAlert, Users, UserX, Utensils, UtilityPole, VenetianMask, Volume2, Waves, Wifi, WifiOff, Wind, Zap, ZapOff,
  Car, ConciergeBell, Image, Bridge, BrickWall, createLucideIcon, type LucideIcon,
} from "lucide-react";

/** A traffic light, which the icon set lacks. */
const TrafficLight = createLucideIcon("traffic-light", [
  ["rect", { x: 7, y: 2, width: 10, height: 20, rx: 3, key: "case" }],
  ["path", { d: "M12 6.5h.01M12 12h.01M12 17.5h.01", strokeWidth: 3.5, key: "lamps" }],
]);

/** The pictures of the names that packs give their icons. */
const pictures: Readonly<Record<string, LucideIcon>> = {
  road: Road, pothole: TrafficCone, pavement: Footprints, "traffic-light": TrafficLight, sign: Signpost, jam: Car, parking: CircleParking, bridge: Bridge, bus: Bus,
  bulb: Lightbulb, streetlight: Lamp, power: ZapOff, pole: UtilityPole, bolt: Zap,
  trash: Trash2, dump: Shovel, bin: Trash, rubble: BrickWall, animal: Bone,
  drop: Droplets, tap: DropletOff, pipe: Faucet, "tap-dirty": Droplet, flood: Waves, drain: Pipette, manhole: CircleDotDashed,
  leaf: Leaf, noise: Volume2, smoke: CloudFog, sewage: Factory, smell: Wind, "fire-small": FlameKindling,
  city: Building2, "tree-fallen": Axe, tree: TreeDeciduous, park: Trees, building: Construction, stall: Store, poster: Image,
  signal: RadioTower, cable: Cable, "signal-off": WifiOff,
  desk: ConciergeBell, file: FileClock, portal: MonitorX, food: Utensils, school: School, camera: Camera,
  shield: ShieldAlert, crowd: Swords, thief: VenetianMask, fraud: UserX, ban: Ban,
  alert: TriangleAlert, sos: Siren, landslide: Mountain, fire: Flame,
};

/** What a word within a name that is not listed stands for; the first that is contained wins. */
const hints: ReadonlyArray<[RegExp, LucideIcon]> = [
  [/sos|siren|rescue/, Siren],
  [/flood|wave/, Waves],
  [/storm|rain|weather/, CloudRain],
  [/lamp|light|bulb/, Lightbulb],
  [/elect|zap|power/, Zap],
  [/trash|waste|garbage/, Trash2],
  [/recycl/, Recycle],
  [/toilet/, Toilet],
  [/sewer|water|drop/, Droplets],
  [/tree|park/, Trees],
  [/traffic|cone/, TrafficCone],
  [/road|route|street/, Road],
  [/construct|crane|helmet/, HardHat],
  [/car|vehicle|truck/, Car],
  [/sound|volume/, Volume2],
  [/wind|dust|air/, Wind],
  [/fire|flame/, Flame],
  [/dog|animal|paw/, Dog],
  [/health|heart|med/, HeartPulse],
  [/edu/, School],
  [/market|shop|store|business/, Store],
  [/wifi|phone|telecom|internet/, Wifi],
  [/security|police|order/, ShieldAlert],
  [/people|user|social/, Users],
  [/heritage|culture|temple|tourism/, Landmark],
  [/globe|web|portal/, Globe],
  [/paper|document|procedure/, FileText],
  [/house|home/, House],
  [/mail/, MailWarning],
  [/talk|message|feedback/, MessageSquareText],
  [/danger|warn/, TriangleAlert],
];

/** The picture of a category or group, by its icon's name or else its code; a question mark for one that nobody drew. */
export function CategoryIcon({ icon, code }: { icon?: string | undefined; code: string }) {
  const Picture = pictureOf((icon ?? "").toLowerCase()) ?? pictureOf(code.toLowerCase()) ?? CircleHelp;
  return <Picture size={28} strokeWidth={1.75} aria-hidden="true" />;
}

/** The picture of a name; undefined when the name says nothing. */
export function pictureOf(name: string): LucideIcon | undefined {
  return pictures[name] ?? hints.find(([words]) => words.test(name))?.[1];
}
