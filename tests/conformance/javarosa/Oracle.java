import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.AnswerDataFactory;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectMultiData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.UncastData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.opendatakit.validate.StubPropertyManager;

/**
 * JavaRosa, the engine of ODK Collect, driven by lines on standard input. Its classes come from
 * pyxform's ODK_Validate.jar. Fields are separated by tabs; line feeds in values are written \n.
 *
 *   media FOLDER      MEDIA ok
 *   form PATH         FORM ok
 *   set REF VALUE     SET 0 (kept), 1 (required but empty), 2 (constraint), NOQ (not asked), BAD
 *   repeat REF        REPEAT ok | NOQ
 *   dump              one "ref relevant required enabled value" line per leaf, then END
 *   choices REF       one "value label" line per choice, then END
 *   xml               XML submission
 *   time N            TIME nanoseconds of N rounds: a new instance of the form, initialized
 *   quit
 */
public class Oracle {
  static FormDef form;
  static FormEntryController entry;
  static Map<String, FormIndex> questions;
  static Map<String, FormIndex> prompts;

  /** Files that forms name « jr://file/x » or « jr://file-csv/x » are read in this folder. */
  static void media(String folder) {
    ReferenceManager.instance().reset();
    ReferenceManager.instance().addReferenceFactory(new PrefixedRootFactory(new String[] {"file-csv", "file"}) {
      protected Reference factory(String terminal, String uri) {
        return new FolderFile(new File(folder, terminal), uri);
      }
    });
  }

  static class FolderFile implements Reference {
    final File file;
    final String uri;

    FolderFile(File file, String uri) {
      this.file = file;
      this.uri = uri;
    }

    public boolean doesBinaryExist() { return file.exists(); }

    public InputStream getStream() throws IOException { return new FileInputStream(file); }

    public String getURI() { return uri; }

    public String getLocalURI() { return file.getAbsolutePath(); }

    public boolean isReadOnly() { return true; }

    public OutputStream getOutputStream() throws IOException { throw new IOException("read only"); }

    public void remove() throws IOException { throw new IOException("read only"); }

    public Reference[] probeAlternativeReferences() { return new Reference[0]; }
  }

  static void load(String path) throws Exception {
    form = XFormUtils.getFormFromInputStream(new FileInputStream(path));
    form.initialize(true, new InstanceInitializationFactory());
    entry = new FormEntryController(new FormEntryModel(form));
    questions = null;
  }

  /**
   * Step through the whole form, as when swiping: counted repeats are created on the way, and
   * choices that their question no longer offers are taken back. Twice, for what that changes.
   */
  static void walk() {
    if (questions != null) return;
    swipe();
    swipe();
  }

  static void swipe() {
    questions = new HashMap<>();
    prompts = new HashMap<>();
    entry.jumpToIndex(FormIndex.createBeginningOfFormIndex());
    int event;
    int steps = 0;
    while ((event = entry.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
      if (++steps > 3000) throw new IllegalStateException("this form has no end");
      FormIndex index = entry.getModel().getFormIndex();
      if (event == FormEntryController.EVENT_QUESTION) {
        questions.put(index.getReference().toString(true), index);
        entry.getModel().getQuestionPrompt(index).getSelectChoices();
      } else if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT)
        prompts.put(index.getReference().toString(true), index);
    }
  }

  static IAnswerData answer(FormEntryPrompt prompt, String text) {
    if (text.isEmpty()) return null;
    int control = prompt.getControlType();
    if (control == Constants.CONTROL_SELECT_ONE || control == Constants.CONTROL_SELECT_MULTI
        || control == Constants.CONTROL_RANK) {
      List<Selection> chosen = new ArrayList<>();
      for (String value : control == Constants.CONTROL_SELECT_ONE ? new String[] {text} : text.split(" "))
        for (SelectChoice choice : prompt.getSelectChoices())
          if (choice.getValue().equals(value)) {
            chosen.add(choice.selection());
            break;
          }
      if (control == Constants.CONTROL_SELECT_ONE) return new SelectOneData(chosen.get(0));
      return control == Constants.CONTROL_RANK ? new MultipleItemsData(chosen) : new SelectMultiData(chosen);
    }
    return AnswerDataFactory.templateByDataType(prompt.getDataType()).cast(new UncastData(text));
  }

  static String set(String ref, String text) {
    walk();
    FormIndex index = questions.get(ref);
    if (index == null) return "NOQ";
    IAnswerData data;
    try {
      data = answer(entry.getModel().getQuestionPrompt(index), text);
    } catch (RuntimeException refused) {
      return "BAD";
    }
    entry.jumpToIndex(index);
    int code = entry.answerQuestion(index, data, true);
    questions = null;
    return "SET " + code;
  }

  static String repeat(String ref) {
    walk();
    FormIndex index = prompts.get(ref);
    if (index == null) return "NOQ";
    entry.newRepeat(index);
    questions = null;
    return "REPEAT ok";
  }

  static String line(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "");
  }

  static void dump(TreeElement element) {
    if (element.getMult() == TreeReference.INDEX_TEMPLATE) return;
    if (element.getNumChildren() == 0) {
      String value = element.getValue() == null ? "" : element.getValue().uncast().getString();
      System.out.println(element.getRef().toString(true) + "\t" + element.isRelevant() + "\t"
          + element.isRequired() + "\t" + element.isEnabled() + "\t" + line(value));
    }
    for (int i = 0; i < element.getNumChildren(); i++) dump(element.getChildAt(i));
  }

  static void choices(String ref) {
    walk();
    FormIndex index = questions.get(ref);
    if (index == null) return;
    FormEntryPrompt prompt = entry.getModel().getQuestionPrompt(index);
    for (SelectChoice choice : prompt.getSelectChoices()) {
      String label = prompt.getSelectChoiceText(choice);
      System.out.println(line(choice.getValue()) + "\t" + line(label == null ? "" : label));
    }
  }

  static void run(String[] words) throws Exception {
    switch (words[0]) {
      case "form":
        load(words[1]);
        System.out.println("FORM ok");
        break;
      case "media":
        media(words[1]);
        System.out.println("MEDIA ok");
        break;
      case "set":
        System.out.println(set(words[1], words.length > 2 ? words[2].replace("\\n", "\n") : ""));
        break;
      case "repeat":
        System.out.println(repeat(words[1]));
        break;
      case "dump":
        walk();
        dump(form.getMainInstance().getRoot());
        System.out.println("END");
        break;
      case "choices":
        choices(words[1]);
        System.out.println("END");
        break;
      case "xml":
        walk();
        form.postProcessInstance();
        System.out.println("XML " + line(new String(
            new XFormSerializingVisitor().serializeInstance(form.getInstance()), "UTF-8")));
        break;
      case "time":
        long start = System.nanoTime();
        for (int i = 0; i < Integer.parseInt(words[1]); i++)
          form.initialize(true, new InstanceInitializationFactory());
        System.out.println("TIME " + (System.nanoTime() - start));
        break;
      default:
        System.out.println("ERR unknown");
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    System.setOut(out);
    new XFormsModule().registerModule();
    PropertyManager.setPropertyManager(new StubPropertyManager());
    PrototypeManager.registerPrototypes(CoreModelModule.classNames);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    String command;
    while ((command = in.readLine()) != null && !command.equals("quit")) {
      try {
        run(command.split("\t", 3));
      } catch (Throwable failure) {
        System.out.println("ERR " + line(String.valueOf(failure)));
      }
    }
  }
}
