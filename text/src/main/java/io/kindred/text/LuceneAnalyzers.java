package io.kindred.text;

import io.kindred.feature.Analyzer;
import io.kindred.feature.AnalyzerProvider;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.ko.KoreanAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.te.TeluguAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.th.ThaiTokenizer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * The analyzers of Lucene by the English name of their language: words in lower case, without the
 * commonest ones of the language (stop words), reduced to stems, so that "Bücher" and "Buch" are
 * one. Chinese (smartcn), Japanese (kuromoji) and Korean (nori) are cut into words by dictionaries
 * that come along; {@code cjk} takes pairs of characters of these three instead, without
 * dictionary. Words of a foreign script are words in all of them, as they are.
 */
public final class LuceneAnalyzers implements AnalyzerProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public LuceneAnalyzers() {}

  @Override
  public Map<String, Supplier<Analyzer>> analyzers() {
    Map<String, Supplier<Analyzer>> all = new TreeMap<>();
    add(all, "arabic", ArabicAnalyzer::new);
    add(all, "armenian", ArmenianAnalyzer::new);
    add(all, "basque", BasqueAnalyzer::new);
    add(all, "bengali", BengaliAnalyzer::new);
    add(all, "brazilian", BrazilianAnalyzer::new);
    add(all, "bulgarian", BulgarianAnalyzer::new);
    add(all, "catalan", CatalanAnalyzer::new);
    add(all, "chinese", SmartChineseAnalyzer::new);
    add(all, "cjk", CJKAnalyzer::new);
    add(all, "czech", CzechAnalyzer::new);
    add(all, "danish", DanishAnalyzer::new);
    add(all, "dutch", DutchAnalyzer::new);
    add(all, "english", EnglishAnalyzer::new);
    add(all, "estonian", EstonianAnalyzer::new);
    add(all, "finnish", FinnishAnalyzer::new);
    add(all, "french", FrenchAnalyzer::new);
    add(all, "galician", GalicianAnalyzer::new);
    add(all, "german", GermanAnalyzer::new);
    add(all, "greek", GreekAnalyzer::new);
    add(all, "hindi", HindiAnalyzer::new);
    add(all, "hungarian", HungarianAnalyzer::new);
    add(all, "indonesian", IndonesianAnalyzer::new);
    add(all, "irish", IrishAnalyzer::new);
    add(all, "italian", ItalianAnalyzer::new);
    add(all, "japanese", JapaneseAnalyzer::new);
    add(all, "korean", KoreanAnalyzer::new);
    add(all, "latvian", LatvianAnalyzer::new);
    add(all, "lithuanian", LithuanianAnalyzer::new);
    add(all, "nepali", NepaliAnalyzer::new);
    add(all, "norwegian", NorwegianAnalyzer::new);
    add(all, "persian", PersianAnalyzer::new);
    add(all, "portuguese", PortugueseAnalyzer::new);
    add(all, "romanian", RomanianAnalyzer::new);
    add(all, "russian", RussianAnalyzer::new);
    add(all, "serbian", SerbianAnalyzer::new);
    add(all, "sorani", SoraniAnalyzer::new);
    add(all, "spanish", SpanishAnalyzer::new);
    add(all, "swedish", SwedishAnalyzer::new);
    add(all, "tamil", TamilAnalyzer::new);
    add(all, "telugu", TeluguAnalyzer::new);
    if (ThaiTokenizer.DBBI_AVAILABLE) { // the JDK has a dictionary of Thai, unless cut out
      add(all, "thai", ThaiAnalyzer::new);
    }
    add(all, "turkish", TurkishAnalyzer::new);
    return all;
  }

  private static void add(
      Map<String, Supplier<Analyzer>> all,
      String language,
      Supplier<org.apache.lucene.analysis.Analyzer> lucene) {
    all.put(language, () -> new LuceneAnalyzer(lucene.get()));
  }
}
