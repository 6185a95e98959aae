import type { TaskKind } from '../domain/task/task.ts';
import type { Random } from '../kit/seeded-random.ts';

type Choices = readonly [string, ...string[]];

/** What one language says: a prompt is one of each, in this order. */
type Language = { pictures: readonly [Choices, Choices, Choices]; sounds: readonly [Choices, Choices]; space: string };

const english: Language = {
  pictures: [
    ['A lighthouse', 'An old tram', 'A red fox', 'Two astronauts', 'A market stall', 'A paper boat', 'A stone bridge'],
    ['on a cliff at dusk', 'in the morning fog', 'under falling snow', 'by a quiet lake', 'in a crowded street'],
    ['watercolour', 'long exposure', 'style:anime', 'as a 35 mm photograph', 'in soft light ✨', 'seen from above'],
  ],
  sounds: [
    ['A calm piano piece', 'Rain on a tin roof', 'An upbeat funk groove', 'A waltz for strings', 'Steps in a cave'],
    ['for a short film', 'at 90 bpm', 'with a slow ending', 'recorded at night', 'for children'],
  ],
  space: ' ',
};
const chinese: Language = {
  pictures: [
    ['一只小猫', '古老的石桥', '雪山下的村庄', '穿汉服的少女', '未来城市的夜景'],
    ['在黄昏的海边', '在清晨的薄雾中', '在樱花树下', '在雨后的街道上'],
    ['水墨画风格', '电影质感', '高清摄影', '俯瞰视角'],
  ],
  sounds: [
    ['轻快的钢琴曲', '雨声和远处的雷声', '古筝独奏', '欢快的电子舞曲'],
    ['适合短视频', '节奏缓慢', '在夜晚聆听'],
  ],
  space: '，',
};
const japanese: Language = {
  pictures: [
    ['白い猫', '小さな駅', '海辺の灯台', '古い神社'],
    ['夕焼けの中で', '雨の日に', '桜の下で'],
    ['アニメ風', '水彩画', '映画のような光'],
  ],
  sounds: [
    ['静かなピアノ', '夏祭りの太鼓', '波の音'],
    ['眠る前に', '短い動画のために'],
  ],
  space: '、',
};
const korean: Language = {
  pictures: [
    ['하얀 고양이', '오래된 기차역', '바닷가의 등대'],
    ['노을 아래', '비 오는 거리에서', '첫눈 속에서'],
    ['수채화', '영화 같은 조명', '사진처럼'],
  ],
  sounds: [
    ['잔잔한 피아노', '신나는 드럼'],
    ['짧은 영상용', '밤에 듣는'],
  ],
  space: ' ',
};
const german: Language = {
  pictures: [
    ['Ein Leuchtturm', 'Die alte Straßenbahn', 'Ein Fuchs', 'Zwei Kinder mit Drachen'],
    ['im Morgennebel', 'über den Dächern', 'am stillen See'],
    ['als Aquarell', 'in warmem Licht', 'von oben gesehen'],
  ],
  sounds: [
    ['Ein ruhiges Klavierstück', 'Regen auf dem Dach'],
    ['für einen Kurzfilm', 'mit leisem Ende'],
  ],
  space: ' ',
};
const french: Language = {
  pictures: [
    ["L'arbre au bord du chemin", 'Un phare', 'Deux vélos rouges', 'Une boulangerie'],
    ['sous la neige', 'au petit matin', "à l'heure bleue"],
    ['en aquarelle', 'photographie argentique', 'vu du ciel'],
  ],
  sounds: [
    ['Une valse lente', "Le bruit d'un marché"],
    ['pour un court métrage', 'avec accordéon'],
  ],
  space: ' ',
};
const arabic: Language = {
  pictures: [
    ['منارة قديمة', 'سوق مزدحم', 'قارب صغير'],
    ['عند الغروب', 'في الصباح الباكر'],
    ['بألوان مائية', 'بإضاءة دافئة'],
  ],
  sounds: [
    ['لحن هادئ على العود', 'صوت المطر'],
    ['لفيلم قصير', 'بإيقاع بطيء'],
  ],
  space: ' ',
};

/** More than a third are English, and less than a fifth Chinese. */
const languages = [
  english,
  english,
  english,
  english,
  chinese,
  chinese,
  japanese,
  korean,
  german,
  french,
  arabic,
] as const;

export function makePrompt(random: Random, kind: TaskKind): string {
  const { pictures, sounds, space } = random.pick(languages);
  const parts = kind === 'AUDIO' ? sounds : pictures;
  return parts.map((choices) => random.pick(choices)).join(space);
}
