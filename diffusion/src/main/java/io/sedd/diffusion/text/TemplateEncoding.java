package io.sedd.diffusion.text;

/** What became of a job's template. */
public sealed interface TemplateEncoding permits EncodedTemplate, RefusedTemplate {}
