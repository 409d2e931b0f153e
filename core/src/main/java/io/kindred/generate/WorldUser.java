package io.kindred.generate;

import java.time.LocalDate;

/**
 * A user of a generated world as a shop would know them; invented, like all else.
 *
 * @param id a first name and the user's number; unique
 * @param age 12 to 90, loosely related to taste
 * @param region one of eight invented regions, loosely related to taste
 * @param joined day of the first interaction, UTC
 * @param favorite the category the user names as favorite, true to their taste for nine of ten
 */
public record WorldUser(String id, int age, String region, LocalDate joined, String favorite) {}
