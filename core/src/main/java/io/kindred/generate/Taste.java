package io.kindred.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The words of one top category: what its titles and descriptions are made of.
 *
 * @param name the category, lower case
 * @param styles its {@link #STYLES} narrower kinds, the most common first
 * @param heroes people, singular, without an article
 * @param places phrases that say where
 * @param goals what can be done, after "to"
 * @param troubles what may happen, whole clauses
 */
record Taste(
    String name,
    List<Style> styles,
    List<String> heroes,
    List<String> places,
    List<String> goals,
    List<String> troubles) {
  /** How many styles each taste has. */
  static final int STYLES = 8;

  /**
   * One narrower kind.
   *
   * @param name a tag, lower case
   * @param nouns countable things, singular, without an article
   * @param adjectives what such things are
   */
  record Style(String name, List<String> nouns, List<String> adjectives) {}

  /** All tastes, in the order that the world's definition relies on: append, never reorder. */
  static final List<Taste> ALL =
      List.of(
          parse(
              """
              name: sea tales
              style: lighthouses | lamp, lens, fog bell, spiral stair | steady, salt-white, lonely
              style: pirates | cutlass, parrot, treasure map, black flag | reckless, gold-toothed, outlawed
              style: whales | whale, harpoon, song, blowhole | enormous, barnacled, deep-diving
              style: shipwrecks | wreck, figurehead, diving bell, chest | sunken, rusted, forgotten
              style: islands | lagoon, palm, raft, bottle | sunlit, uncharted, faraway
              style: fishing boats | net, herring, dinghy, oilskin | weathered, early, briny
              style: submarines | periscope, hatch, sonar, torpedo | silent, submerged, narrow
              style: storms | squall, anchor, mast, barometer | thundering, drenched, sudden
              hero: lighthouse keeper, sea cook, retired pirate, harbor pilot, deckhand, sailmaker, oyster diver
              place: on a windy pier; below the cliffs of São Miro; in a harbor without a name; far beyond the last buoy; at the bottom of a quiet bay; aboard a leaking schooner
              goal: reach the island before the storm; bring the crew home; outsail a very patient ghost; win the regatta; read the last chart; pay back the harbor master
              trouble: the tide keeps its own secrets; the crew stops laughing; a second moon rises over the water; the anchor begins to sing; the charts disagree; the wind forgets its name
              """),
          parse(
              """
              name: space travel
              style: starships | starship, bulkhead, warp coil, airlock | gleaming, oversized, patched-up
              style: robots | robot, circuit, antenna, charging dock | polite, chrome, malfunctioning
              style: aliens | envoy, spore, tentacle, translator | four-eyed, telepathic, unfamiliar
              style: moons | moon, crater, dome, dust buggy | cratered, weightless, pale
              style: comets | comet, tail, ice core, telescope | blazing, returning, icy
              style: colonies | greenhouse, settler, water tank, beacon | newborn, hopeful, rationed
              style: black holes | singularity, orbit, probe, warning light | bottomless, bent, dizzying
              style: time travel | paradox, pocket watch, portal, yesterday | backward, repeated, impossible
              hero: navigator, cargo pilot, ship's botanist, junior engineer, radio operator, asteroid miner, exiled captain
              place: on the far side of the moon; in a station with no windows; between two dying stars; at the edge of the last map; under the domes of Ålborg Nine; in the cargo bay
              goal: land without instruments; answer the signal; outrun a small sun; refuel before breakfast; teach the computer a joke; cross the belt in one piece
              trouble: gravity takes the day off; the stars are in the wrong order; the computer falls in love; the oxygen meter starts to lie; a second ship answers; the clock runs backward
              """),
          parse(
              """
              name: kitchen tales
              style: bread | loaf, sourdough starter, oven, rolling pin | crusty, warm, slow-rising
              style: soups | broth, ladle, stockpot, dumpling | simmering, peppery, bottomless
              style: pastry | éclair, tart, croissant, piping bag | buttery, flaky, sugar-dusted
              style: spices | pepper mill, saffron thread, nutmeg, curry | fragrant, fiery, golden
              style: street food | taco, noodle cart, skewer, paper plate | sizzling, late-night, crowded
              style: chocolate | truffle, cocoa bean, praline, fondue | bittersweet, glossy, melting
              style: pickles | jar, cucumber, brine barrel, mustard seed | sour, crunchy, patient
              style: coffee | espresso, roaster, café table, sugar cube | dark-roasted, foamy, unhurried
              hero: pastry chef, dishwasher, food critic, night baker, grandmother, sous-chef, cheese seller
              place: in a café without a menu; behind the busiest stove in town; at a table for eleven; in a pantry full of secrets; on the corner of Basil Street; at the crème brûlée festival
              goal: save the sauce; feed the whole street; win the golden spoon; guess the missing spice; open before sunrise; forgive a burnt dinner
              trouble: the oven refuses to cool; somebody salts the cake; the critics arrive hungry; the recipe loses its last page; the dough keeps growing; everyone asks for seconds
              """),
          parse(
              """
              name: small-town mysteries
              style: detectives | magnifying glass, trench coat, notebook, hunch | observant, rumpled, suspicious
              style: poison | teacup, vial, orchid, antidote | odorless, deadly, violet
              style: heirlooms | locket, will, attic trunk, portrait | inherited, priceless, disputed
              style: burglars | lockpick, safe, alibi, window latch | soft-footed, masked, unlucky
              style: letters unsigned | envelope, typewriter, blackmail note, stamp | anonymous, folded, inky
              style: village fairs | raffle ticket, marrow, tombola, brass band | festive, rained-out, prize-winning
              style: trains | timetable, compartment, whistle, lost umbrella | delayed, overnight, first-class
              style: cats at the scene | cat, saucer, paw print, cushion | unimpressed, purring, all-knowing
              hero: retired inspector, librarian, vicar, postmistress, amateur sleuth, country doctor, nosy neighbor
              place: in the village of Little Brindle; behind the bakery; at the vicarage tea; in a locked library; on the 6:15 to Wexbury; under the bandstand
              goal: name the culprit before dessert; find the second key; read between the lines; clear an innocent goose; break a perfect alibi; finish the crossword
              trouble: the clocks all stop at nine; the butler takes a holiday; the body of evidence walks away; nobody admits to the scones; the lights go out twice; the witness changes her hat
              """),
          parse(
              """
              name: mountain stories
              style: climbers | rope, ice axe, ledge, summit | steep, frostbitten, breathless
              style: glaciers | crevasse, glacier, ice cave, moraine | ancient, blue, creaking
              style: huts | hut, tin stove, bunk, guest book | snowed-in, smoky, welcoming
              style: bears | bear, berry bush, den, claw mark | shaggy, grumbling, hungry
              style: skiing | ski, chairlift, slalom gate, snowplow | powdery, waxed, downhill
              style: forests | pine, axe, mushroom, clearing | mossy, whispering, evergreen
              style: rivers | canoe, trout, waterfall, stepping stone | rushing, clear, winding
              style: eagles | eagle, feather, nest, updraft | soaring, keen-eyed, windblown
              hero: mountain guide, shepherd, cartographer, forest ranger, ski instructor, hermit, cheesemaker
              place: above the tree line; in the valley of Saint-Rémy; on the north face; beside a frozen lake; at the end of the chairlift; in the last hut before the pass
              goal: cross the pass by nightfall; find the lost flock; name the highest peak; come down again; outwalk the weather; ring the summit bell
              trouble: the fog rolls in; the echo answers first; the path ends in midair; the bear learns the schedule; the snow keeps falling upward; the map turns out to be a menu
              """),
          parse(
              """
              name: clockwork adventures
              style: clocks | clock, pendulum, mainspring, cuckoo | ticking, punctual, overwound
              style: airships | airship, gondola, propeller, ballast bag | drifting, brass-bound, inflated
              style: automatons | automaton, gear, wind-up key, porcelain hand | jointed, tireless, curious
              style: steam trains | locomotive, boiler, smokestack, whistle cord | puffing, soot-black, unstoppable
              style: inventors | blueprint, patent, workbench, prototype | untested, brilliant, half-finished
              style: factories | cogwheel, conveyor, foundry, shift bell | clanking, humming, iron
              style: flying machines | ornithopter, wing, goggle strap, launch ramp | canvas-winged, rickety, daring
              style: music boxes | music box, melody, tiny dancer, velvet case | tinkling, enameled, wistful
              hero: clockmaker, apprentice, airship captain, mad inventor, chimney sweep, patent clerk, lamplighter
              place: above the rooftops of Old Prague; in a workshop full of springs; under the great clock; at the Exposition of 1889; in a tower of brass; between two chimneys
              goal: wind the city clock; patent the impossible; land on a moving train; repair a broken heart of tin; stop the machine; beat the noon bell
              trouble: the gears begin to dream; midnight strikes thirteen; the automaton asks a question; the steam runs out over the river; someone files off the serial number; the spring snaps
              """),
          parse(
              """
              name: garden books
              style: roses | rose, trellis, thorn, pruning knife | climbing, blushing, old-fashioned
              style: vegetables | pumpkin, wheelbarrow, radish, seed tray | prizewinning, muddy, leafy
              style: bees | beehive, honeycomb, queen bee, smoker | buzzing, honey-sweet, industrious
              style: ponds | pond, water lily, frog, stepping stone | still, reed-lined, reflective
              style: orchards | apple tree, ladder, cider press, basket | laden, crooked, autumnal
              style: topiary | hedge, garden shears, peacock bush, maze | clipped, geometric, ambitious
              style: houseplants | fern, windowsill, cactus, rain barrel | thriving, neglected, tropical
              style: scarecrows | scarecrow, crow, straw hat, fence post | lopsided, friendly, tattered
              hero: head gardener, beekeeper, retired botanist, hedge artist, allotment holder, seed collector, flower-show judge
              place: behind the greenhouse; in an orchard by the canal; at the Aubépine flower show; under the oldest apple tree; on a very small balcony; in the middle of the maze
              goal: save the last rose; grow a pumpkin the size of a pony; calm the bees; win the blue ribbon; outlive the slugs; plant a garden in one night
              trouble: the slugs hold a meeting; it rains on one side only; the hedge moves an inch to the left; the judge is allergic to lilies; the scarecrow waves; everything blooms in January
              """),
          parse(
              """
              name: ghost stories
              style: haunted houses | staircase, cellar door, chandelier, keyhole | creaking, shuttered, cobwebbed
              style: graveyards | headstone, iron gate, raven, spade | moonlit, ivy-covered, restless
              style: seances | candle, crystal ball, tablecloth, medium | flickering, hushed, otherworldly
              style: mirrors | mirror, reflection, silver frame, dressing table | tarnished, two-faced, cracked
              style: foggy moors | lantern, moor, signpost, black dog | misty, pathless, howling
              style: old theaters | curtain, trapdoor, prompt box, spotlight | empty, velvet, applauding
              style: phantoms | phantom, bedsheet, rattling chain, cold spot | transparent, sighing, well-mannered
              style: curses | amulet, tomb, riddle, bloodline | ill-fated, whispered, seven-year
              hero: ghost hunter, night watchman, gravedigger, reluctant heir, stage manager, governess, skeptic
              place: in the east wing; at Château Morne; on the moor after dark; in row thirteen; behind the wallpaper; at the end of the corridor
              goal: spend one night in the attic; lay the ghost to rest; find the missing portrait; close the cellar door for good; return the borrowed skull; win an argument with a phantom
              trouble: the piano plays by itself; the portrait blinks; the footsteps come back alone; somebody sighs in the wardrobe; the candles lean toward the door; the mirror is late
              """),
          parse(
              """
              name: love letters
              style: first love | valentine, bicycle, dance card, summer | shy, freckled, unforgettable
              style: weddings | bouquet, wedding cake, veil, seating plan | runaway, lace-trimmed, tearful
              style: pen pals | letter, fountain pen, mailbox, postscript | long-distance, perfumed, unanswered
              style: dances | waltz, ballroom, slipper, chandelier | dazzling, breathless, candlelit
              style: second chances | reunion, photograph, train ticket, scarf | late, forgiving, bittersweet
              style: rivals | duel, glove, sonnet, bet | quarrelsome, sharp-tongued, secret
              style: big cities | rooftop, taxi, neon sign, bookshop | rain-washed, glittering, sleepless
              style: cottages | cottage, garden gate, quilt, kettle | thatched, cozy, whitewashed
              hero: florist, poet, matchmaker, letter carrier, wedding planner, bookseller, piano tuner
              place: on the steps of the post office; in a rainy week in Montréal; at the wrong wedding; on the last tram; across a crowded ballroom; in a bookshop by the river
              goal: say the three words; write the perfect letter; miss the train on purpose; rescue the wedding cake; learn to waltz; return a borrowed scarf
              trouble: the letter reaches the wrong door; the band plays the wrong song; an old flame moves in upstairs; it starts to rain at last; the ring rolls into the river; both sisters say yes
              """),
          parse(
              """
              name: jazz nights
              style: trumpets | trumpet, mute, solo, valve | brassy, high-flying, smoky
              style: pianos | piano, ivory key, metronome, ballad | out-of-tune, midnight, rippling
              style: singers | microphone, torch song, sequin dress, encore | velvet-voiced, scandalous, husky
              style: drums | drum, snare, cymbal, backbeat | restless, syncopated, booming
              style: swing | dance floor, bandstand, zoot suit, big band | jumping, swinging, sold-out
              style: blues | guitar, train whistle, front porch, lament | blue, gravelly, homesick
              style: record shops | record, turntable, needle, album sleeve | scratched, rare, secondhand
              style: street musicians | accordion, tin cup, subway tunnel, violin | wandering, cheerful, penniless
              hero: trumpeter, band leader, lounge singer, record collector, drummer, talent scout, night porter
              place: at the Blue Étoile; in a basement on Ninth Street; in the back row; behind the velvet rope; on the riverboat; in the studio at four in the morning
              goal: finish the solo; find the lost recording; keep the club open; play one true note; get paid before dawn; reunite the quartet
              trouble: the drummer disappears; the microphone stays on; the landlord asks for a waltz; the needle skips at the chorus; a famous stranger sits down; the band plays on without the piano
              """),
          parse(
              """
              name: animal fables
              style: foxes | fox, henhouse, brush tail, bargain | sly, russet, smooth-talking
              style: owls | owl, hollow oak, spectacle case, lecture | wise, nearsighted, nocturnal
              style: mice | mouse, cheese rind, thimble, mousehole | tiny, fearless, whiskered
              style: dogs | dog, bone, leash, doghouse | loyal, muddy-pawed, excitable
              style: horses | horse, saddle, carrot, racetrack | galloping, proud, silver-maned
              style: hedgehogs | hedgehog, pincushion, leaf pile, hedge | prickly, round, bashful
              style: penguins | penguin, iceberg, bow tie, egg | formal, waddling, chilly
              style: elephants | elephant, trunk, peanut, parade | unforgetting, gentle, wrinkled
              hero: talking fox, night owl, circus mouse, sheepdog, retired racehorse, small hedgehog, zookeeper
              place: at the edge of the wood; in a very orderly burrow; under the judge's bench; at the Noël parade; in the zoo after closing time; on the wrong side of the hedge
              goal: outwit the farmer; elect a new king; learn to share the acorn; cross the road with dignity; catch its own tail; win the race by walking
              trouble: the lion loses his voice; the geese go on strike; the fox tells the truth; winter comes early; the tortoise takes a shortcut; nobody remembers the moral
              """),
          parse(
              """
              name: desert caravans
              style: camels | camel, saddlebag, hump, water skin | stubborn, swaying, long-lashed
              style: oases | oasis, date palm, well, tent | shaded, hidden, cool
              style: bazaars | carpet, coin, copper pot, market stall | bargained, bright, noisy
              style: sandstorms | sandstorm, turban, dune, compass | blinding, shifting, red
              style: ruins | temple, column, scarab, inscription | buried, sun-bleached, royal
              style: genies | genie, oil lamp, wish, smoke ring | granted, grumpy, bottled
              style: stargazers | star chart, astrolabe, night sky, constellation | starlit, silent, infinite
              style: nomads | drum, campfire, goatskin map, trail | wandering, windblown, moonlit
              hero: camel driver, carpet seller, caravan guide, astronomer, water carrier, runaway princess, coin collector
              place: beyond the seventh dune; in the bazaar of Tamaríz; at the dry well; under a sky full of stars; between two mirages; in the shade of a ruined gate
              goal: cross the sands in nine days; bargain with a genie; find water by starlight; sell the unsellable carpet; follow the oldest map; reach the oasis before the camels do
              trouble: the stars change places; the camels vote to turn back; the third wish goes wrong; the dunes walk at night; the mirage invites them in; the lamp is already rented
              """));

  private static Taste parse(String lines) {
    String name = "";
    List<Style> styles = new ArrayList<>();
    List<String> heroes = List.of();
    List<String> places = List.of();
    List<String> goals = List.of();
    List<String> troubles = List.of();
    for (String line : lines.lines().toList()) {
      int colon = line.indexOf(": ");
      String value = line.substring(colon + 2);
      switch (line.substring(0, colon)) {
        case "name" -> name = value;
        case "style" -> {
          String[] parts = value.split(" \\| ", -1);
          styles.add(new Style(parts[0], list(parts[1], ", "), list(parts[2], ", ")));
        }
        case "hero" -> heroes = list(value, ", ");
        case "place" -> places = list(value, "; ");
        case "goal" -> goals = list(value, "; ");
        case "trouble" -> troubles = list(value, "; ");
        default -> throw new IllegalStateException("not a line of a taste: " + line);
      }
    }
    Objects.checkIndex(STYLES - 1, styles.size());
    return new Taste(name, List.copyOf(styles), heroes, places, goals, troubles);
  }

  private static List<String> list(String values, String separator) {
    return List.of(values.split(separator, -1));
  }
}
