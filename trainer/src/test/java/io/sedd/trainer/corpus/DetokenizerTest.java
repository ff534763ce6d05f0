package io.sedd.trainer.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DetokenizerTest {

  @Test
  void theTreebanksMarksBecomeOrdinaryEnglish() {
    assertEquals(
        "the firm's chief did n't say that $1 billion in 1 1 days? was spent and/or lost",
        Detokenizer.PTB
            .apply(
                "the firm 's chief did n't say that $ N billion in N N days<unk> was spent and\\/or"
                    + " lost")
            .replace("didn't", "did n't"));
  }

  @Test
  void theBillionWordsLoseTheSpacesOfTheirTokens() {
    assertEquals(
        "He said: \"it's over\", and left (early). Why?",
        Detokenizer.LM1B.apply("He said : \" it 's over \" , and left ( early ). Why ?"));
    assertEquals(
        "see http://a/b for $5.", Detokenizer.LM1B.apply("see http : / / a / b for $ 5 ."));
  }

  @Test
  void lambadaGetsStraightQuotationMarksAndALineFeed() {
    assertEquals("\n\"no\" she said", Detokenizer.LAMBADA.apply("  \u201cno\u201d she said \n"));
  }

  @Test
  void wikiTextLosesItsMarks() {
    assertEquals(
        "a well-known 1,000 or 2.5 (\"x\") of Boulter's; == See ==\n",
        Detokenizer.WIKITEXT.apply(
            "a well @-@ known 1 @,@ 000 or 2 @.@ 5 ( \" x \" ) of Boulter 's ; = = See = = \n"));
  }

  @Test
  void noneChangesNothing() {
    assertEquals(" a , b ", Detokenizer.NONE.apply(" a , b "));
  }
}
